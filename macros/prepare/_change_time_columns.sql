{#
    The columns of the CTE `texts` for the time of the last change: as written, as read where it is in ISO 8601 and in a year
    in which records change, and the text that has to be read by other rules otherwise.
#}
{% macro _change_time_columns(field) %}
    {%- set written = dbt_dedup._input_text(field) -%}
    {%- set read = dbt_dedup.parse_timestamp(written) -%}
    {%- set years = dbt_dedup.method_constants().change_years -%}
    {%- set is_usual = 'extract(year from ' ~ read ~ ') between ' ~ years[0] ~ ' and ' ~ years[1] -%}
    {{- return({
        'updated_at__written': written,
        'updated_at__read': dbt_dedup.case_lines(['when ' ~ is_usual ~ ' then ' ~ read]),
        'updated_at__text': dbt_dedup.case_lines(['when ' ~ is_usual ~ ' then null'], written),
    }) -}}
{% endmacro %}
