"""The web half of the chassis: one Flask application per service, made by ``application.create_app``.

Sessions, access rules, errors, languages, forms and lists behave the same in every service because they
are written once, here. Nothing in this package talks to the broker.
"""
