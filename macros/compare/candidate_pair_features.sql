{#
    int_<entity>__pair_features, one row per candidate pair: the features that production scores, computed as they are read.
    With `incremental: true` also row_hash, a hash of what the pair's score depends on besides the model (both records and how
    they are compared), null where it cannot be told; and is_scored, whether int_<entity>__pair_scores_python has the score of
    just that. A condition on is_scored is applied before the features are computed.
#}
{% macro candidate_pair_features(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set candidate_pairs = ref('int_' ~ entity_name ~ '__candidate_pairs') -%}
{%- if not spec.incremental or spec.scoring != 'python' -%}
{{ dbt_dedup.pair_features(entity_name, candidate_pairs) }}
{%- else -%}
{%- set sql = dbt_dedup.pair_features(
    entity_name, "select '<compared pairs>' as pairs", carry=['row_hash', 'is_scored']
) -%}
{%- set definition = dbt_dedup._definition(spec, sql) -%}
{{ sql | replace("select '<compared pairs>' as pairs", dbt_dedup._compared_pairs(spec, definition) | trim | indent(4)) }}
{%- endif -%}
{% endmacro %}
