{#
    What a field's type says of its preparation, with the parts it leaves out filled in:
      clean       SQL over <field>__original: a first, cheap form
      value       SQL over <field>__clean: the standardized value
      data_type   of the value
      lookups     the reference lists it reads: name -> SQL of a one-row relation with that name's map
      listed_as   SQL over <field>__clean or the value: the form in which the reference list of placeholders holds it
      problems    [{name, when}] in order: what makes the value incorrect; the first that holds empties the value
      derived     derived columns <field>__<name>: name -> SQL over the value, computed once for each distinct value
      derived_from_clean  the same over <field>__clean, for what the value no longer holds
      lists       derived columns that hold a list: name -> SQL over the value
      tokens      SQL of the list of words to weigh by rarity, or none
#}
{% macro prepare_field(field) %}
    {%- set prepared = dict(
        {'data_type': 'varchar', 'listed_as': 'cast(' ~ field.name ~ ' as varchar)', 'lookups': [], 'problems': [], 'derived': {}, 'derived_from_clean': {}, 'lists': {}, 'tokens': none},
        **dbt_dedup.type_macro('prepare', field.type)(field)
    ) -%}
    {%- do prepared.update({'token_lists': ['tokens', 'rare_tokens'] if prepared.tokens else []}) -%}
    {{- return(prepared) -}}
{% endmacro %}
