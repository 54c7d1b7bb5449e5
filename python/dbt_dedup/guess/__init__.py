"""Guess what the columns of a table mean, from their names and values, each guess with its evidence.

`columns` reads a table, `kinds` knows what values look like, `names` what names say, `fields` decides the type of a
column, `roles` finds the columns that are no field, `places` the country, `rules` the blocking rules, and `proposal`
puts an entity together.
"""
