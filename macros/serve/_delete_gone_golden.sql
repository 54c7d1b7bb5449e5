{# Run before <entity> is built with `incremental: true`: deletes the golden records of the entities that are no more. #}
{% macro _delete_gone_golden(entity_name) %}
    {{- dbt_dedup._delete_gone(
        'entity_id', 'select entity_id from ' ~ ref('int_' ~ entity_name ~ '__golden_values'), column='entity_id'
    ) -}}
{% endmacro %}
