{#
    SQL of whether the first word of {0} is a short form of the first word of {1}: `map` is the lookup map from nickname to formal
    names. Names that are short forms of each other are not.
#}
{% macro _nickname_of(map) %}
    {%- set l, r = "split_part({0}, ' ', 1)", "split_part({1}, ' ', 1)" -%}
    {{- return(
        "(" ~ l ~ " <> " ~ r ~ " and " ~ dbt_dedup.has_shared_item(dbt_dedup.formal_names(l, map), dbt_dedup.split_words(r))
        ~ " and not " ~ dbt_dedup.has_shared_item(dbt_dedup.formal_names(r, map), dbt_dedup.split_words(l)) ~ ")"
    ) -}}
{% endmacro %}
