"""The assessment service: the suppliers' *état des lieux* and what comes of it.

Owns the referentials (questionnaires as versioned data files), the assessments with their answers, proofs
and verifications, the score and the actions computed from them, and what each supplier shares with each
buyer. Publishes ``assessment.assessment.*`` and ``assessment.sharing.*``. Reacts to enrolment's suppliers
(an enrolled supplier is assigned an assessment), organisations (size, sector and legal form decide which
questions apply) and applications (which buyers are in the programme).
"""
