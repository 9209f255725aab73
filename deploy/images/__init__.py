"""The images of an installation: one for each service, and one for what operates it.

An image holds the code of one service, what starts it and its locked libraries, on a base with Python.
``contents`` says what; ``base`` asks the base image which Python it has; ``libraries`` fetches and unpacks
the wheels for that Python; ``archive`` packs files so that the same content is the same bytes; ``build`` puts
it together. Building needs a checkout, and a network only for wheels that were not fetched before.
"""
