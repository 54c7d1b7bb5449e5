{#
    What a field's type says about itself, with the parts that the type leaves out filled in. `prepare_<type>(field)` returns
    a mapping with some of these keys; <field> stands for the name of the field.

    From the original text to the value:
      lookups     reference lists that the SQL below reads as <name>.entries: name -> {seed, key, entry, many}. `entry` is the
                  column looked up by column `key`; with `many: true` a key has several entries and gives a list of them
      by_country  what differs from country to country: {ISO 3166 code: {name: text or number}}. Where the option `country` of the
                  field is a column, its country is <field>__country and each fact <field>__<name>, null for other countries
      steps       [{suffix: SQL}, ...]: intermediate columns <field>__<suffix>, one CTE per mapping. A step may read
                  <field>__original, here the text that was meant (see readable_text), and the columns of the steps before it
      value       SQL of the standardized value, over the original and the steps
      data_type   type of the value
      listed_as   SQL of the form in which dedup_placeholders lists the value, over the steps and the value
      listed_part SQL of a part of the value that dedup_placeholders may list too, such as `noreply@`, or none
      problems    [{name, when}, ...]: what makes the value incorrect, over all of the above; the first that holds empties it
      remarks     [{name, when}, ...]: what a person should look at although the value is usable; the first that holds is
                  kept next to a value without a problem. A problem or a remark may have `proposed`: SQL of the text that
                  should have been written, null where that is not certain
      parts       columns <field>__<name> next to the value, for what the value no longer says: name -> SQL over the steps
      may_be_damaged   whether a value that lost letters to a wrong encoding is used nevertheless
    From the value, computed once per distinct value:
      derived     text columns <field>__<name>: name -> SQL over the value; a list of such mappings where one column is
                  computed from another
      numbers     the same for numbers
      lists       the same for lists; a blocking rule that names one meets on each item
      record_lists   lists of a record, each of the distinct values in some columns of the field, parts among them: name -> columns;
                  a blocking rule that names one meets on each item
      tokens      SQL of the list of words that are weighted by rarity, or none
      described   what the parts and the derived columns hold: name -> one sentence
    For the golden record:
      survivorship   the rule that chooses the value unless the spec names one: see survivorship_rules
      group          fields of one group come from the same record unless the spec says otherwise, or none
      shown          SQL of what the golden record shows, over <field>, <field>__original and <field>__meant, the original as it
                     was meant (see readable_text)
      variant        SQL of whether two values, `{0}` and `{1}`, of one entity may be one value in two forms, such as a slip of
                     the hand; by default none are
      lesser         SQL of whether a value `{0}` gives way to another value `{1}` of the entity, such as an initial to a name
      short_forms    {seed, short, long, of}: the reference list whose columns `short` and `long` hold short forms and what they
                     stand for, and SQL of the part of a value `{0}` to look for there. `variant` and `lesser` may then say
                     `{short}` and `{long}`: whether `{0}` is a short form of `{1}`, or the other way round
      has_parts      whether a value also gives way to one that adds a known value to it, as `smith` to `smith jones`
      doubtful       SQL over the value and the original of what makes a value less believable than others, such as an initial
      known_by       how well the population knows a value: by the records that have it (`value`), by the records that have
                     its rarest word (`words`), or not at all
      known_as       SQL of the value that `known_by: value` counts, over a value `{0}`: that value itself
      spelling       what the best spelling of a value has: a list of conditions over <field>__original, the first counts most
      near           SQL of whether two shown values, `{0}` and `{1}`, are near enough to count as one; by default equal ones are
    For the text of the whole record (see whole_text):
      in_whole_text    whether the original is part of it
      sought_in_text   whether the value is sought in the whole text of the other side
#}
{% macro prepare_field(field) %}
    {#- what a type says takes time, and is asked for several times a model -#}
    {%- if 'prepared' in field -%}{{- return(field.prepared) -}}{%- endif -%}
    {%- set prepared = dict(
        {
            'lookups': {}, 'by_country': {}, 'steps': [], 'value': field.name ~ '__original', 'data_type': dbt_dedup.text_type(),
            'listed_as': none, 'listed_part': none, 'problems': [], 'remarks': [], 'parts': {}, 'may_be_damaged': false,
            'derived': [], 'numbers': {}, 'lists': {}, 'record_lists': {}, 'tokens': none, 'described': {},
            'survivorship': 'consensus', 'group': none, 'shown': field.name, 'near': none,
            'variant': none, 'lesser': none, 'short_forms': none, 'has_parts': false, 'doubtful': none, 'known_by': none, 'known_as': '{0}', 'spelling': [],
            'in_whole_text': false, 'sought_in_text': false,
        },
        **dbt_dedup._type_macro('prepare', field.type)(field)
    ) -%}
    {%- if field.name == 'entries' and prepared.lookups -%}
        {{- dbt_dedup.spec_error(
            field.entity, 'fields.entries', field.name,
            'another name: this one is a column of the reference lists that type ' ~ field.type
            ~ " reads (give the input's spelling as `column:`)"
        ) -}}
    {%- endif -%}
    {%- if field.country is mapping -%}
        {%- set country = field.name ~ '__country' -%}
        {%- set is_unknown = country ~ ' is null and ' ~ dbt_dedup.trim_whitespace(country ~ '_text') ~ " <> ''" -%}
        {%- do prepared.update({'remarks': prepared.get('remarks', []) + [{'name': 'unknown_country', 'when': is_unknown}]}) -%}
    {%- endif -%}
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
    {%- do field.update({'prepared': prepared}) -%}
    {{- return(prepared) -}}
{% endmacro %}
