{#
    Lower case without diacritics, without characters that nobody sees (zero-width, soft hyphen, marks of direction), wide forms
    and ligatures as usual letters. Diacritics are dropped in the scripts where a word stays the same without them: Latin, Greek,
    Arabic and Hebrew, and the dots of the Cyrillic letter yo. The vowel signs and voicing marks of other scripts tell words
    apart and stay. `text` is a column: it is written several times.
#}
{% macro fold_text(text) %}
    {{- return(adapter.dispatch('fold_text', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__fold_text(text) %}
    {%- set spelled = [
        ('ß', 'ss'), ('ẞ', 'SS'), ('æ', 'ae'), ('Æ', 'AE'), ('œ', 'oe'), ('Œ', 'OE'), ('þ', 'th'), ('Þ', 'Th'),
        ('ĳ', 'ij'), ('Ĳ', 'IJ'), ('ﬁ', 'fi'), ('ﬂ', 'fl')
    ] -%}
    {%- set replacements = [] -%}
    {%- for letter, spelling in spelled -%}{%- do replacements.append("'" ~ letter ~ "', '" ~ spelling ~ "')") -%}{%- endfor -%}
    {%- set usual_width = "translate(
                    regexp_replace(" ~ text ~ ", '\\p{Cf}+', '', 'g'),
                    'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ０１２３４５６７８９＠．－＿＋＆＇／（），：＃　',
                    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@.-_+&''/(),:# '
                )" -%}
    {%- set stripped_scripts = '\\p{Latin}\\p{Greek}\\p{Arabic}\\p{Hebrew}\\p{Inherited}' -%}
    {%- set stripped = "array_to_string(list_transform(
            regexp_extract_all(
                nfc_normalize(" ~ usual_width ~ "),
                '[" ~ stripped_scripts ~ "]+|[^" ~ stripped_scripts ~ "]+'
            ),
            lambda run: case
                when regexp_matches(run, '^[" ~ stripped_scripts ~ "]') then strip_accents(run)
                else run
            end
        ), '')" -%}
    {#- a text with as many bytes as characters is ASCII and has nothing to strip -#}
    {{- return("lower(case
    when strlen(" ~ text ~ ") = length(" ~ text ~ ") then " ~ text ~ "
    else " ~ 'replace(' * (spelled | length) ~ "
        translate(" ~ stripped ~ ", 'ØøŁłĐđÐðİıЁё', 'OoLlDdDdIiЕе'),
        " ~ replacements | join(', ') ~ "
end)") -}}
{% endmacro %}

{% macro default__fold_text(text) %}
    {{- dbt_dedup.unsupported('fold_text') -}}
{% endmacro %}
