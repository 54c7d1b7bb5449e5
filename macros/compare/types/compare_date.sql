{#
    Dates: distance, equal parts, day and month swapped, typing errors, and how rare the shared date is. Where both are 1 January,
    which many systems fill in for a year, only the years are compared.
#}
{% macro compare_date(field) %}
    {%- set f = field.name -%}
    {%- set years_only = 'extract(dayofyear from l.' ~ f ~ ') = 1\n    and extract(dayofyear from r.' ~ f ~ ') = 1' -%}
    {%- set features = [
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature(
            'log_days', dbt_dedup.log_days(f),
            'days between the dates, as log2(1 + days): 0 for the same day, 1 for the next, about 8.5 for a year', direction=-1
        ),
        dbt_dedup.feature(
            'parts', dbt_dedup.equal_date_parts(f), 'number of equal parts out of year, month and day, from 0 to 3; of two 1 January only the year counts'
        ),
        dbt_dedup.feature(
            'swapped', dbt_dedup.day_month_swapped(f), '1 if day and month are swapped and the years are equal, 0 if not'
        ),
        dbt_dedup.feature(
            'edit', dbt_dedup.edit_similarity('l.' ~ f ~ '__digits', 'r.' ~ f ~ '__digits'),
            '1 - edit distance / 8, from 0 to 1, over the digits YYYYMMDD'
        ),
        dbt_dedup.rarity_feature(f),
    ] -%}
    {%- set changed = [] -%}
    {%- for feature in features -%}
        {%- set of_years = 'case when l.' ~ f ~ ' = r.' ~ f ~ ' then 1 else 0 end' if feature.name == 'parts' else 'null' -%}
        {%- do changed.extend(dbt_dedup.value_where(years_only ~ '\n   ', of_years, [feature])) -%}
    {%- endfor -%}
    {{- return(changed) -}}
{% endmacro %}
