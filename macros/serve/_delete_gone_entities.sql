{# Run before int_<entity>__golden_values is built with `incremental: true`: deletes the entities that are no more. #}
{% macro _delete_gone_entities(entity_name) %}
    {{- dbt_dedup._delete_gone('entity_id', 'select entity_id from ' ~ ref('int_' ~ entity_name ~ '__entities')) -}}
{% endmacro %}
