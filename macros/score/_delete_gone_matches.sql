{#
    Run before <entity>_matches is built with `incremental: true`: deletes the pairs that are no longer scored, or not above the
    floor.
#}
{% macro _delete_gone_matches(entity_name) %}
    {%- if execute and dbt_dedup._kept_rows() -%}
    {%- set records = ref('int_' ~ entity_name ~ '__keyed_records') -%}
delete from {{ this }} as known
where not exists (
    select 1
    from {{ ref('int_' ~ entity_name ~ '__pair_scores') }} as scores
    inner join {{ records }} as l on scores.record_key_l = l.record_key
    inner join {{ records }} as r on scores.record_key_r = r.record_key
    where l.record_id = known.record_id_l and r.record_id = known.record_id_r
)
    {%- endif -%}
{% endmacro %}
