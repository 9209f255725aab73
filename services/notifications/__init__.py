"""Messages to people: what is sent to whom, when, why, and what became of it.

Owns workflows (as data), mail templates, messages and their deliveries, each address's preferences, and a
directory of people and programmes kept from enrolment's events. Publishes what became of each message: sent,
failed or suppressed. Reacts to the programmes, people, applications, suppliers and sign-ins of enrolment,
and to the assessments and sharings of assessment: each may be a reason to write, or to write no more.
"""
