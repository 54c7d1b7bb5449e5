{# Organisation names: spelling, words weighed by rarity, acronyms, legal form, and how rare the shared name is. #}
{% macro compare_company(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature('jaro_winkler', dbt_dedup.name_similarity('l.' ~ f, 'r.' ~ f), 'Jaro-Winkler similarity'),
        dbt_dedup.feature(
            'joined_jaro_winkler', dbt_dedup.name_similarity('l.' ~ f ~ '__joined', 'r.' ~ f ~ '__joined'),
            'Jaro-Winkler similarity of the names written as one word'
        ),
        dbt_dedup.feature(
            'acronym', dbt_dedup.acronym_agreement(f),
            '1 where one name is the initials of the other, or both are equal'
        ),
        dbt_dedup.feature('legal_form', dbt_dedup.same(f ~ '__legal_form'), '1 where the legal forms are equal'),
        dbt_dedup.feature('ngrams', dbt_dedup.list_overlap(f ~ '__ngrams'), 'overlap of the character trigrams'),
        dbt_dedup.rarity_feature(f),
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
