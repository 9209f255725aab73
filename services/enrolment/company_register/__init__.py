"""The public register of companies, asked by SIRET.

Source: the documentation of *Recherche d’entreprises*, the French state's public API. It may be slow, full
or down: then people type.
"""
