{# Dates: distance, equal parts, day and month swapped, typing errors, and how rare the shared date is. #}
{% macro compare_date(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature(
            'log_days', dbt_dedup.log_days(f),
            'days between the dates, as log2(1 + days): 0 for the same day, 1 for the next, about 8.5 for a year', direction=-1
        ),
        dbt_dedup.feature(
            'parts', dbt_dedup.equal_date_parts(f), 'number of equal parts out of year, month and day, from 0 to 3'
        ),
        dbt_dedup.feature(
            'swapped', dbt_dedup.day_month_swapped(f), '1 if day and month are swapped and the years are equal, 0 if not'
        ),
        dbt_dedup.feature(
            'edit', dbt_dedup.edit_similarity('l.' ~ f ~ '__digits', 'r.' ~ f ~ '__digits'),
            '1 - edit distance / 8, from 0 to 1, over the digits YYYYMMDD'
        ),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
