{#
    Identifiers (tax, passport, account numbers, DOIs): letters and digits only. Of a text with a DOI (`https://doi.org/10.…`)
    the DOI counts; a label in front (`VAT no.`, `ISBN`) goes; a number that was stored as a floating point number is read without
    its fraction. Keys: the last four characters, the value without leading zeros.
#}
{% macro prepare_identifier(field) %}
    {%- set f = field.name -%}
    {%- set doi = '10[.][0-9]{4,9}/[^\\s?#<>\\x22]+' -%}
    {%- set number_of = '(?:[- ]?(?:no|nr|number|nummer))?' -%}
    {%- set label = dbt_dedup._long_pattern([
        '^(?:(?:ust-? ?id(?:[-. ]*nr)?|vat(?:[ -]?id)?(?: ?(?:no|nr|number|reg)[.]?){0,2}|tax(?: ?(?:id|no|number))?|f?ein|tin|ssn',
        '|isbn(?:-?1[03])?|issn|nif|c[.]?i[.]?f|nie|siret|siren|steuernummer|steuer-?nr|st-?nr|p[.] ?iva|partita iva|cnpj|cpf|a[.]?b[.]?n',
        '|acn|duns|lei|gtin|ean|upc|iban|c[.]f|cod(?:ice)?[.]? fisc(?:ale)?|npwp|gstin|rfc|nip|regon|krs|ico|dic|инн|огрн|pmid|orcid',
        '|(?:kvk|btw|cvr)', number_of, '|org(?:anisation)?[. ]*(?:nr|nummer|no|number)',
        '|(?:company|reg(?:istration)?|customer|client|account|policy|passport|serial|member|kunden|kd|konto)[. -]*(?:no|nr|number|nummer|id)',
        ')[ .:#]+|(?:no|nr|id|sn|s/n|ref|pan)(?:[.] *|: *|#)|(?:https?://)?(?:www[.])?orcid[.]org/|urn:isbn:|arxiv: *)(.*[0-9].*)$',
    ]) -%}
    {%- set remarks = [['^(che[-. 0-9]+) (?:mwst|tva|iva|hr)[.]?$', '\\1'], [' *[(][a-z][a-z. ]{2,}[)]$', '']] -%}
    {{- return({
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'unlabelled': dbt_dedup.case_lines([
                'when ' ~ f ~ "__folded like '% %' or " ~ f ~ "__folded like '%:%'\n    then coalesce(\n        "
                    ~ dbt_dedup.extract_pattern('\n            ' ~ dbt_dedup.replace_patterns(f ~ '__folded', remarks), label, 1) ~ ',\n        '
                    ~ dbt_dedup.replace_patterns(f ~ '__folded', remarks) ~ '\n    )'
            ], f ~ '__folded')},
            {'written': 'coalesce(\n    ' ~ dbt_dedup.case_lines([
                'when ' ~ f ~ "__folded like '%10.%'\n    then "
                    ~ dbt_dedup.extract_pattern("replace(" ~ f ~ "__folded, '%2f', '/')", doi)
            ]) | indent(4) ~ ',\n    ' ~ dbt_dedup.whole_number_text(f ~ '__unlabelled') | indent(4) ~ '\n)'},
            {'clean': dbt_dedup.replace_pattern(f ~ '__written', '[^\\p{L}\\p{M}\\p{N}]+', '')},
        ],
        'value': "nullif(" ~ f ~ "__clean, '')",
        'problems': [
            {'name': 'lost_digits', 'when': dbt_dedup.has_lost_digits(f ~ '__folded')},
            {'name': 'no_letters_or_digits', 'when': f ~ ' is null'},
            {'name': 'masked', 'when': dbt_dedup.matches_pattern(f ~ '__folded', '[*•]{2}|^x{3}[^a-z]|x{4}')},
            {'name': 'repeated_digit', 'when': 'length(' ~ f ~ ') > 3 and ' ~ dbt_dedup.repeats_first_character(f)},
        ],
        'derived': {
            'last4': dbt_dedup.last_characters(f, 4),
            'without_zeros': dbt_dedup.replace_pattern(f, '^0+', ''),
        },
        'variant': dbt_dedup._mistyped() ~ "\nor {0} like {1} || '%'\nor {1} like {0} || '%'",
        'lesser': "{1} like {0} || '_%'",
        'shown': dbt_dedup.shown_as_written(f),
        'in_whole_text': true,
        'sought_in_text': true,
        'described': {
            'last4': 'Last four characters; null for shorter values.',
            'without_zeros': 'The value without leading zeros, which spreadsheets drop; null where nothing is left.',
        },
    }) -}}
{% endmacro %}
