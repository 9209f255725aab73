"""Reporting: what the programme has come to, in figures that open down to their facts.

Owns read models of what the other services tell, and the facts themselves, each recorded once. Publishes
nothing. Reacts to the programmes, cohorts, organisations, applications and supplier enrolments of enrolment
and to the assessments and sharings of assessment. It holds no data of persons.
"""
