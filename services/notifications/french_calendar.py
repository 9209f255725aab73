"""The office hours that follow from the working days of France."""

from __future__ import annotations

from services.chassis.working_days import is_french_holiday
from services.notifications.domain.calendar import OfficeHours

OFFICE_HOURS = OfficeHours(is_french_holiday)
