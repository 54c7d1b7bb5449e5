{#
    The CTEs <relation>__unusual and <relation>__readings: one row per text in columns of a relation that is not plain ASCII, with
    the text that was meant (see readable_text). Every other text is read as it stands, so a missing row means that. Columns are
    read together because readable_text is long SQL and most texts do not need it.
#}
{% macro _reading_ctes(relation, columns) -%}
{{ relation }}__unusual as (
    {%- for column in columns %}
    select distinct {{ column }} as text
    from {{ relation }}
    where not ({{ dbt_dedup.is_plain_text(column) }})
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
),

{{ relation }}__readings as (
    -- distinct already; said again, the readings are computed once and not for each field that reads them
    select distinct
        text,
        {{ dbt_dedup.readable_text('text') | indent(8) }} as meant
    from {{ relation }}__unusual
),
{%- endmacro %}
