{# Stops where values of the spec that are allowed by themselves contradict each other. #}
{% macro _check_entity_values(spec) %}
    {%- set thresholds = spec.thresholds -%}
    {%- set numbers = [thresholds.floor, thresholds.review, thresholds.match] | reject('equalto', 'auto') | list -%}
    {%- if numbers != numbers | sort -%}
        {{- dbt_dedup.spec_error(
            spec.name, 'thresholds', thresholds.floor ~ ', ' ~ thresholds.review ~ ', ' ~ thresholds.match,
            'floor <= review <= match'
        ) -}}
    {%- endif -%}
    {%- set in_need = 'source_mode ' ~ spec.source_mode if spec.source_mode != 'both'
        else 'duplicate_free' if spec.duplicate_free else 'source_priority' if spec.source_priority -%}
    {%- if in_need and not spec.source -%}
        {{- dbt_dedup.spec_error(spec.name, 'source', 'nothing', 'the column that names the source system, which ' ~ in_need ~ ' needs') -}}
    {%- endif -%}
    {%- if spec.truth_values and not spec.truth -%}
        {{- dbt_dedup.spec_error(spec.name, 'truth', 'nothing', 'the table with the true entity of each record, which truth_values needs') -}}
    {%- endif -%}
    {%- for field in spec.fields if field.type in ['date', 'number'] -%}
        {%- for key in ['min', 'max'] if field[key] is not none -%}
            {%- if field.type == 'date' and not dbt_dedup._is_date(field[key] | string) -%}
                {{- dbt_dedup.spec_error(spec.name, 'fields.' ~ field.name ~ '.' ~ key, field[key], 'a date such as 1900-01-02') -}}
            {%- elif field.type == 'number' and field[key] is not number -%}
                {{- dbt_dedup.spec_error(spec.name, 'fields.' ~ field.name ~ '.' ~ key, field[key], 'a number') -}}
            {%- endif -%}
        {%- endfor -%}
        {%- if field.min is not none and field.max is not none and field.min > field.max -%}
            {{- dbt_dedup.spec_error(spec.name, 'fields.' ~ field.name ~ '.min', field.min, 'at most max, which is ' ~ field.max) -}}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}
