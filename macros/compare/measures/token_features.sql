{#
    Features of two word lists weighed by rarity in bits (inverse document frequency, see token_code). The list of shared
    words stands outside any `case`, so that the engine intersects the lists once for all four. Null where a side is null,
    which the weights see to: DuckDB intersects a list with null to an empty list, and least() passes over nulls.
#}
{% macro token_features(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {%- set l_weight, r_weight = l ~ '__token_weight', r ~ '__token_weight' -%}
    {%- set shared = dbt_dedup.shared_items(l ~ '__tokens', r ~ '__tokens') -%}
    {%- set shared_weight = dbt_dedup.total_token_weight(shared) -%}
    {%- set lighter = "case when " ~ l_weight ~ " < " ~ r_weight ~ " then " ~ l_weight
        ~ " when " ~ l_weight ~ " >= " ~ r_weight ~ " then " ~ r_weight ~ " end" -%}
    {{- return([
        dbt_dedup.feature(
            'token_overlap', shared_weight ~ " / (" ~ l_weight ~ " + " ~ r_weight ~ " - " ~ shared_weight ~ ")",
            'weight of the shared words divided by the weight of all words, each word weighed by rarity', drift=0.1
        ),
        dbt_dedup.feature(
            'token_containment', shared_weight ~ " / " ~ lighter,
            'weight of the shared words divided by the weight of the side that weighs less', drift=0.1
        ),
        dbt_dedup.feature(
            'token_cosine',
            dbt_dedup.total_squared_token_weight(shared) ~ " / sqrt(" ~ l ~ "__token_squares * " ~ r ~ "__token_squares)",
            'cosine of the two word vectors, each word weighed by rarity', drift=0.1
        ),
        dbt_dedup.feature(
            'rarest_shared', dbt_dedup.heaviest_token_weight(shared) ~ " + 0 * (" ~ l_weight ~ " + " ~ r_weight ~ ")",
            'rarity in bits of the rarest word both sides share, 0 where they share none', drift=1
        ),
    ]) -}}
{% endmacro %}
