{#
    Features of two word lists, each word weighted by its rarity in bits (inverse document frequency, see token_code). Null
    where a side is null: such a side has no weight, while DuckDB takes the intersection with it as an empty list.
#}
{% macro token_features(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {%- set shared = dbt_dedup.shared_items(l ~ '__tokens', r ~ '__tokens') -%}
    {%- set shared_weight, shared_squares, rarest_shared
        = field ~ '__shared_weight', field ~ '__shared_squares', field ~ '__rarest_shared' -%}
    {%- set l_weight, r_weight = field ~ '__token_weight_l', field ~ '__token_weight_r' -%}
    {%- set l_squares, r_squares = field ~ '__token_squares_l', field ~ '__token_squares_r' -%}
    {%- set both_have_words = 'when ' ~ l_weight ~ ' is not null and ' ~ r_weight ~ ' is not null\n    then ' -%}
    {#- the engine sees that three of these intersect the same lists, and does it once, because no `case` is around them -#}
    {%- set reads = {
        l_weight: l ~ '__token_weight',
        r_weight: r ~ '__token_weight',
        l_squares: l ~ '__token_squares',
        r_squares: r ~ '__token_squares',
        shared_weight: dbt_dedup.total_token_weight(shared),
        shared_squares: dbt_dedup.total_squared_token_weight(shared),
        rarest_shared: dbt_dedup.heaviest_token_weight(shared),
    } -%}
    {{- return([
        dbt_dedup.feature(
            'token_overlap', shared_weight ~ '\n/ (' ~ l_weight ~ ' + ' ~ r_weight ~ ' - ' ~ shared_weight ~ ')',
            'weight of the shared words / weight of all words, from 0 to 1, each word weighted by its rarity',
            drift=0.1, reads=reads
        ),
        dbt_dedup.feature(
            'token_containment',
            dbt_dedup.case_lines([both_have_words ~ shared_weight ~ ' / least(' ~ l_weight ~ ', ' ~ r_weight ~ ')']),
            'weight of the shared words / weight of the side with less weight, from 0 to 1, each word weighted by its rarity',
            drift=0.1, reads=reads
        ),
        dbt_dedup.feature(
            'token_cosine', shared_squares ~ '\n/ sqrt(' ~ l_squares ~ ' * ' ~ r_squares ~ ')',
            'cosine of the two word vectors, from 0 to 1, each word weighted by its rarity', drift=0.1, reads=reads
        ),
        dbt_dedup.feature(
            'rarest_shared', dbt_dedup.case_lines([both_have_words ~ rarest_shared]),
            'rarity in bits of the rarest word that both share, 0 if they share none', drift=1, reads=reads
        ),
    ]) -}}
{% endmacro %}
