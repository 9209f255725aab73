"""The microservice chassis: what every service needs and no programme knows about.

Settings, database and unit of work, outbox and relay, inbox and consumer, retries and parking, timers,
the web application factory and identity. Nothing in here knows a domain word, and nothing in here
imports a service.
"""
