{# Run before stg_<entity>__records is built with `incremental: true`: deletes the records that left the input. #}
{% macro _delete_gone_records(entity_name) %}
    {%- set spec = dbt_dedup.entity(entity_name) -%}
    {{- dbt_dedup._delete_gone(
        'record_id',
        'select cast(' ~ adapter.quote(spec.record_id) ~ ' as ' ~ dbt_dedup.text_type() ~ ') from ' ~ dbt_dedup._input_relation(spec)
    ) -}}
{% endmacro %}
