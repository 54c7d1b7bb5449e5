{# A feature that is the Jaro-Winkler similarity of a column's two texts; `compared` names them, none for the values themselves. #}
{% macro name_similarity_feature(name, column, compared=none) %}
    {{- return(dbt_dedup.feature(
        name, dbt_dedup.name_similarity('l.' ~ column, 'r.' ~ column),
        'Jaro-Winkler similarity' ~ (' of ' ~ compared if compared else '') ~ ', from 0 to 1'
    )) -}}
{% endmacro %}
