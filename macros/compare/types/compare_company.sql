{# Organisation names: spelling, words weighted by rarity, acronyms, a looser reading, the name under which a side trades, legal form, and how rare the shared name is. #}
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
        dbt_dedup.same_feature('loose', f ~ '__loose', 'the names, read loosely (Mueller, Müller; 7-Eleven, Seven Eleven),'),
        dbt_dedup.feature(
            'trade_name', dbt_dedup.trade_name_agreement(f),
            '1 if the name under which one side trades is a name of the other, 0 if not, null if no side has one'
        ),
        dbt_dedup.same_feature('legal_form', f ~ '__legal_form', 'the legal forms'),
        dbt_dedup.list_overlap_feature('ngrams', f ~ '__ngrams', 'character trigrams'),
        dbt_dedup.rarity_feature(f),
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
