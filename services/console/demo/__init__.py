"""The demonstration: C.E.S.A.R. with its real buyers and simulated suppliers, as plain data.

Owns the cast (who there is) and the script (what each did, and when). Pure and repeatable: the same day and
seed give the same demonstration. Nothing here knows a database or a service; the console plays the script
through the services' own use cases.
"""
