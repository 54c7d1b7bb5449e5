{#
    E-mail addresses of another person: the local part is the given and the family name of another record, and both are unlike
    the names of this one. `anna.weber@` of Anna Huber may be her address of before; `peter.huber@` may be that of her household.
    One entry of _issues_across_fields for each person.
#}
{% macro _issues_of_mailboxes(spec) %}
    {%- set constants = dbt_dedup.method_constants() -%}
    {%- set issues = [] -%}
    {%- for given, family, email in dbt_dedup._fields_together(spec, ['given_name', 'family_name', 'email']) -%}
        {%- set g, f, e = given.name, family.name, email.name -%}
        {%- set words = '^([a-z]{2,})[._-]([a-z]{2,})[0-9]*@' -%}
        {%- set text = 'lower(' ~ e ~ '__original)' -%}
        {%- set is_unlike = [] -%}
        {%- for word in ['first_word', 'last_word'] -%}
            {%- for name in [g, f] -%}
                {%- do is_unlike.append('left(' ~ word ~ ', 1) <> left(' ~ name ~ ', 1)') -%}
                {%- do is_unlike.append(dbt_dedup.jaro_winkler(word, name) ~ ' < ' ~ constants.unlike_names) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set ctes -%}
-- whose name does an address hold?
{{ e }}__words as (
    select
        record_id,
        source,
        {{ g }},
        {{ f }},
        {{ e }}__original,
        {{ dbt_dedup.extract_pattern(text, words, 1) }} as first_word,
        {{ dbt_dedup.extract_pattern(text, words, 2) }} as last_word
    from records
    where
        {{ e }} is not null
        -- most addresses begin as a name does, and need not be taken apart
        and left({{ text }}, 1) <> left({{ g }}, 1)
        and left({{ text }}, 1) <> left({{ f }}, 1)
),

{{ e }}__others as materialized (
    select *
    from {{ e }}__words
    where
        first_word is not null
        {%- for condition in is_unlike %}
        and {{ condition }}
        {%- endfor %}
),

{{ e }}__issues as (
    {%- for given, family in [('first_word', 'last_word'), ('last_word', 'first_word')] %}
    select
        others.record_id,
        others.source,
        '{{ e }}' as field,
        'email_of_another_person' as problem,
        others.{{ e }}__original as original_value,
        cast(null as {{ dbt_dedup.text_type() }}) as proposed_value
    from {{ e }}__others as others
    where
        exists (
            select 1 from records as people
            where people.{{ g }} = others.{{ given }} and people.{{ f }} = others.{{ family }}
        )
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
),
        {%- endset -%}
        {%- do issues.append({'ctes': ctes, 'name': e ~ '__issues'}) -%}
    {%- endfor -%}
    {{- return(issues) -}}
{% endmacro %}
