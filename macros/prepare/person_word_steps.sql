{#
    The steps from a column to the words of a name, <field>__clean: as plain_words, without remarks in brackets such as
    "(old)" and without digits.
#}
{% macro person_word_steps(field_name, column) %}
    {{- return([
        {'folded': dbt_dedup.fold_text(column)},
        {'unmarked': dbt_dedup.replace_pattern(field_name ~ '__folded', '[(\\[][^)\\]]*[)\\]]|[0-9]+', ' ')},
        {'clean': dbt_dedup.plain_words(field_name ~ '__unmarked')},
    ]) -}}
{% endmacro %}
