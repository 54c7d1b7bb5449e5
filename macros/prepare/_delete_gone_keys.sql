{#
    Run before int_<entity>__keyed_records or int_<entity>__record_memory is built with `incremental: true`: deletes the records
    that left the input.
#}
{% macro _delete_gone_keys(entity_name) %}
    {{- dbt_dedup._delete_gone('record_id', 'select record_id from ' ~ ref('stg_' ~ entity_name ~ '__records')) -}}
{% endmacro %}
