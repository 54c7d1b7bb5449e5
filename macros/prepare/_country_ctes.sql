{#
    The CTEs that read the country of a field's records, one row per text in the country's column: <field>__country, the ISO 3166
    code by the reference list dedup_countries, and what the type says about each country (`by_country`, see prepare_field).
#}
{% macro _country_ctes(field, prepared) -%}
{%- set f = field.name -%}
{%- set facts = prepared.by_country.values() | list | first or {} -%}
{{ f }}__country_texts as (
    select distinct
        {{ f }}__country_text,
        {{ dbt_dedup.fold_text(f ~ '__country_text') | indent(8) }} as {{ f }}__country_folded
    from texts
),

{{ f }}__country_names as (
    select
        {{ f }}__country_text,
        {{ dbt_dedup.plain_words(f ~ '__country_folded') | indent(8) }} as {{ f }}__country_name
    from {{ f }}__country_texts
),
{% if facts %}
{{ f }}__country_facts as (
    select * from (
        values
        {%- for line in prepared.by_country.items() | batch(2) %}
        {% for country, values in line -%}
        ('{{ country }}', {% for value in values.values() -%}
            {{ value if value is number else "'" ~ value ~ "'" }}{{ ', ' if not loop.last }}
        {%- endfor %}){{ ', ' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    ) as facts (country, {{ facts.keys() | join(', ') }})
),
{% endif %}
{{ f }}__countries as (
    select
        {{ f }}__country_names.{{ f }}__country_text,
        {%- for fact in facts %}
        {{ f }}__country_facts.{{ fact }} as {{ f }}__{{ fact }},
        {%- endfor %}
        listed.country as {{ f }}__country
    from {{ f }}__country_names
    left join {{ ref('dedup_countries') }} as listed on {{ f }}__country_names.{{ f }}__country_name = listed.name
    {%- if facts %}
    left join {{ f }}__country_facts on listed.country = {{ f }}__country_facts.country
    {%- endif %}
),
{%- endmacro %}
