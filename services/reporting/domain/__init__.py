"""What is counted and how: records, indicators, forecast and groups. Pure: no clock, no file, no database."""
