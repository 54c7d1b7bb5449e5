{# Organisation names: spelling, words weighted by rarity, acronyms, legal form, and how rare the shared name is. #}
{% macro compare_company(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.name_similarity_feature('jaro_winkler', f),
        dbt_dedup.name_similarity_feature('joined_jaro_winkler', f ~ '__joined', 'the names written as one word'),
        dbt_dedup.feature(
            'acronym', dbt_dedup.acronym_agreement(f),
            '1 if one name is the acronym of the other (IBM) or the names are equal, 0 if not'
        ),
        dbt_dedup.same_feature('legal_form', f ~ '__legal_form', 'the legal forms'),
        dbt_dedup.list_overlap_feature('ngrams', f ~ '__ngrams', 'character trigrams'),
        dbt_dedup.rarity_feature(f),
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
