{#
    The columns of the CTE `texts` for the time of the last change: the one read, where it is in ISO 8601 and in a year in which
    records change, and otherwise the text that has to be read by other rules. Reads updated_at__written and updated_at__parsed.
#}
{% macro _change_time_columns() %}
    {%- set years = dbt_dedup.method_constants().change_years -%}
    {%- set is_usual = 'extract(year from updated_at__parsed) between ' ~ years[0] ~ ' and ' ~ years[1] -%}
    {{- return({
        'updated_at__read': dbt_dedup.case_lines(['when ' ~ is_usual ~ ' then updated_at__parsed']),
        'updated_at__text': dbt_dedup.case_lines(['when ' ~ is_usual ~ ' then null'], 'updated_at__written'),
    }) -}}
{% endmacro %}
