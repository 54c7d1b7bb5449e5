{#
    Run before a model with one row per record of an entity is built with `incremental: true`: deletes the records that are in no
    cluster any more. `key` names the record in the model and in int_<entity>__entities or, if it is record_key,
    int_<entity>__clusters.
#}
{% macro _delete_gone_members(entity_name, key) %}
    {%- set present = ref('int_' ~ entity_name ~ ('__clusters' if key == 'record_key' else '__entities')) -%}
    {{- dbt_dedup._delete_gone(key, 'select ' ~ key ~ ' from ' ~ present, column=key) -}}
{% endmacro %}
