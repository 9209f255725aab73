"""Enrolment: who takes part in a programme, and how they came to.

Owns programmes, cohorts, organisations, people and their sign-in, buyers' applications, suppliers'
enrolments, and the workshops and appointments in which they meet. Publishes a snapshot of each of these
whenever one changes, and the sign-in links that people ask for. Reacts to the assessment service: a supplier
who begins the self-assessment is active.
"""
