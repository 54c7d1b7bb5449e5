{# How rare the value is that both sides share, in bits (log2 of records / records with it); 0 where they differ. #}
{% macro rarity_of_agreement(field) %}
    {{- return(dbt_dedup.case_lines([
        'when l.' ~ field ~ ' = r.' ~ field ~ ' then l.' ~ field ~ '__rarity',
        'when l.' ~ field ~ ' <> r.' ~ field ~ ' then 0.0',
    ])) -}}
{% endmacro %}
