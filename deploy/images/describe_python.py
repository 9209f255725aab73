"""Runs in a base image: prints what packages have to fit, with the names of PEP 508 where it has them."""

import json
import os
import platform
import sys

print(
    json.dumps(
        {
            "implementation_name": sys.implementation.name,
            "implementation_version": platform.python_version(),
            "os_name": os.name,
            "platform_machine": platform.machine(),
            "platform_python_implementation": platform.python_implementation(),
            "platform_release": "",
            "platform_system": platform.system(),
            "platform_version": "",
            "python_full_version": platform.python_version(),
            "python_version": ".".join(platform.python_version_tuple()[:2]),
            "sys_platform": sys.platform,
            "glibc": platform.libc_ver()[1] if platform.libc_ver()[0] == "glibc" else "",
        }
    )
)
