"""The entities and rules of enrolment: plain Python, no framework, no input or output."""
