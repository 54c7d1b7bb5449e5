{#
    Features of two word lists weighed by rarity in bits (inverse document frequency, see token_code):
      token_overlap      weight of the shared words / weight of all words (weighted Jaccard)
      token_containment  weight of the shared words / weight of the lighter side
      token_cosine       cosine of the two weight vectors
      rarest_shared      weight of the rarest shared word; 0 where none is shared
#}
{% macro token_features(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {%- set shared = dbt_dedup.shared_items(l ~ '__tokens', r ~ '__tokens') -%}
    {%- set shared_weight = "coalesce(" ~ dbt_dedup.total_token_weight(shared) ~ ", 0.0)" -%}
    {%- set both = l ~ " <> " ~ r -%}
    {{- return([
        {
            'name': 'token_overlap',
            'direction': 1,
            'description': 'weight of the shared words divided by the weight of all words, each word weighed by rarity',
            'sql': "case when " ~ l ~ " = " ~ r ~ " then 1.0 when " ~ both ~ " then " ~ shared_weight ~ " / (" ~ l ~ "__token_weight + "
                ~ r ~ "__token_weight - " ~ shared_weight ~ ") end",
        },
        {
            'name': 'token_containment',
            'direction': 1,
            'description': 'weight of the shared words divided by the weight of the side that weighs less',
            'sql': "case when " ~ l ~ " = " ~ r ~ " then 1.0 when " ~ both ~ " then " ~ shared_weight ~ " / least(" ~ l
                ~ "__token_weight, " ~ r ~ "__token_weight) end",
        },
        {
            'name': 'token_cosine',
            'direction': 1,
            'description': 'cosine of the two word vectors, each word weighed by rarity',
            'sql': "case when " ~ l ~ " = " ~ r ~ " then 1.0 when " ~ both ~ " then coalesce("
                ~ dbt_dedup.total_squared_token_weight(shared) ~ ", 0.0) / (" ~ l ~ "__token_norm * " ~ r ~ "__token_norm) end",
        },
        {
            'name': 'rarest_shared',
            'direction': 1,
            'description': 'rarity in bits of the rarest word both sides share, 0 where they share none',
            'sql': "case when " ~ l ~ " is not null and " ~ r ~ " is not null then coalesce("
                ~ dbt_dedup.heaviest_token_weight(shared) ~ ", 0.0) end",
        },
    ]) -}}
{% endmacro %}
