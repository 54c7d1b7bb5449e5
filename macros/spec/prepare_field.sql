{#
    What a field's type says about itself, with the parts that the type leaves out filled in. `prepare_<type>(field)` returns
    a mapping with some of these keys; <field> stands for the name of the field.

    From the original text to the value:
      lookups     reference lists that the SQL below reads as <name>.entries: name -> {seed, key, entry, many}. `entry` is the
                  column looked up by column `key`; with `many: true` a key has several entries and gives a list of them
      steps       [{suffix: SQL}, ...]: intermediate columns <field>__<suffix>, one CTE per mapping. A step may read
                  <field>__original, here the text that was meant (see readable_text), and the columns of the steps before it
      value       SQL of the standardized value, over the original and the steps
      data_type   type of the value
      listed_as   SQL of the form in which dedup_placeholders lists the value, over the steps and the value
      problems    [{name, when}, ...]: what makes the value incorrect, over all of the above; the first that holds empties it
      parts       columns <field>__<name> next to the value, for what the value no longer says: name -> SQL over the steps
      may_be_damaged   whether a value that lost letters to a wrong encoding is used nevertheless
    From the value, computed once per distinct value:
      derived     text columns <field>__<name>: name -> SQL over the value; a list of such mappings where one column is
                  computed from another
      numbers     the same for numbers
      lists       the same for lists; a blocking rule that names one meets on each item
      tokens      SQL of the list of words that are weighted by rarity, or none
      described   what the parts and the derived columns hold: name -> one sentence
    For the golden record:
      survivorship   the rule that chooses the value unless the spec names one: see survivorship_rules
      group          fields of one group come from the same record unless the spec says otherwise, or none
      shown          SQL of what the golden record shows, over <field> and <field>__original
    For the text of the whole record (see whole_text):
      in_whole_text    whether the original is part of it
      sought_in_text   whether the value is sought in the whole text of the other side
#}
{% macro prepare_field(field) %}
    {%- set prepared = dict(
        {
            'lookups': {}, 'steps': [], 'value': field.name ~ '__original', 'data_type': dbt_dedup.text_type(),
            'listed_as': none, 'problems': [], 'parts': {}, 'may_be_damaged': false,
            'derived': [], 'numbers': {}, 'lists': {}, 'tokens': none, 'described': {},
            'survivorship': 'most_frequent', 'group': none, 'shown': field.name,
            'in_whole_text': false, 'sought_in_text': false,
        },
        **dbt_dedup._type_macro('prepare', field.type)(field)
    ) -%}
    {%- if prepared.listed_as is none -%}
        {%- set is_text = prepared.data_type == dbt_dedup.text_type() -%}
        {%- do prepared.update({'listed_as': field.name if is_text else 'cast(' ~ field.name ~ ' as ' ~ dbt_dedup.text_type() ~ ')'}) -%}
    {%- endif -%}
    {%- set derived_steps = [prepared.derived] if prepared.derived is mapping else prepared.derived -%}
    {%- set derived_names = [] -%}
    {%- for step in derived_steps -%}{%- do derived_names.extend(step.keys()) -%}{%- endfor -%}
    {%- do prepared.update({
        'derived_steps': derived_steps,
        'derived_names': derived_names,
        'token_lists': ['tokens', 'rare_tokens'] if prepared.tokens else [],
    }) -%}
    {{- return(prepared) -}}
{% endmacro %}
