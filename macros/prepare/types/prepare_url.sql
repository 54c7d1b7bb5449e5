{#
    Web addresses as host and path: scheme, user, port, `www.`, parameters and fragment are left out, letters are folded. Of a
    text with several addresses the first counts; an e-mail address is none. Keys: the host, the path, the registrable domain
    (reference list dedup_public_suffixes) unless anybody can have a page there (dedup_shared_hosts), and its first label.
#}
{% macro prepare_url(field) %}
    {%- set f = field.name -%}
    {%- set scheme_and_user = '\\b(h+t+p+s?|ttps?|ftps?)(:[/\\\\]*|[;.]?[/\\\\]+)([^\\s/?#@]*@)?' -%}
    {%- set mail_address = '[^\\s/,;:<>()?#]+@[^\\s/,;<>()]+' -%}
    {%- set letter = '\\p{L}\\p{M}' -%}
    {%- set host_pattern = '([' ~ letter ~ '\\p{N}_-]+[.])+(xn--[a-z0-9-]+|[' ~ letter ~ ']{2,})|([0-9]+[.]){3}[0-9]+' -%}
    {#- `de-de.facebook.com` and `m.facebook.com` show the pages of `facebook.com` -#}
    {%- set one_site = '^(?:m|mobile|touch|web|[a-z]{2}|[a-z]{2}-[a-z]{2})[.]((?:facebook|instagram|linkedin|twitter|youtube|xing)[.]com)$' -%}
    {%- set place_of_host = dbt_dedup._place_of(f ~ '__found_host', f ~ '__plain') -%}
    {%- set two_labels = '[^.]+[.][^.]+$' -%}
    {%- set shared = dbt_dedup.lookup('shared_hosts.entries', dbt_dedup.extract_pattern("split_part({0}, '/', 1)", two_labels)) -%}
    {{- return({
        'lookups': {
            'public_suffixes': {'seed': 'dedup_public_suffixes', 'key': 'suffix', 'entry': 'suffix'},
            'shared_hosts': {'seed': 'dedup_shared_hosts', 'key': 'domain', 'entry': 'kind'},
        },
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'plain': dbt_dedup.replace_patterns(f ~ '__folded', [[scheme_and_user, ' '], [mail_address, ' ']])},
            {'found_host': dbt_dedup.extract_pattern('\n    ' ~ f ~ '__plain', host_pattern)},
            {'after_host': 'substr(' ~ f ~ '__plain, ' ~ place_of_host ~ ' + length(' ~ f ~ '__found_host))'},
            {'found_path': dbt_dedup.extract_pattern(
                f ~ '__after_host', '^[.]?(:[0-9]*)?(/[^\\s<>()\\[\\]{}|,;?#\\x22\\x27]*)', 2
            )},
            {
                'written_host': dbt_dedup.replace_patterns(f ~ '__found_host', [
                    ['^[_-]+', ''], ['^(w{3,4}[0-9]?[.])+', ''], [one_site, '\\1'], ['^x[.]com$', 'twitter.com'], ['^fb[.]com$', 'facebook.com']
                ]),
                'written_path': dbt_dedup.replace_patterns(f ~ '__found_path', [
                    ['/+', '/'], ['/(index|default|home)[.](html?|php|aspx?|jsp)$', ''], ['[/.]+$', '']
                ]),
            },
        ] + dbt_dedup._punycode_steps(f, 'written_host', 'read_host'),
        'value': dbt_dedup.case_lines([
            "when " ~ f ~ "__read_host like '%_._%' and length(" ~ f ~ "__read_host) <= 253"
                ~ "\n    then " ~ f ~ "__read_host || coalesce(" ~ f ~ "__written_path, '')"
        ]),
        'problems': [{'name': 'not_a_url', 'when': f ~ ' is null'}],
        'derived': [
            {
                'host': dbt_dedup.extract_pattern(f, '^[^/]+'),
                'path': dbt_dedup.extract_pattern(f, '/(.*)$', 1),
            },
            {'suffix': dbt_dedup.lookup('public_suffixes.entries', dbt_dedup.extract_pattern(f ~ '__host', two_labels))},
            {'registered': dbt_dedup.case_lines([
                'when ' ~ dbt_dedup.matches_pattern(f ~ '__host', '^[0-9.]+$') ~ ' then null',
                'when ' ~ f ~ '__suffix is null then ' ~ dbt_dedup.extract_pattern(f ~ '__host', two_labels),
            ], dbt_dedup.extract_pattern(f ~ '__host', '[^.]+[.]' ~ two_labels))},
            {'domain': dbt_dedup.case_lines([
                'when ' ~ dbt_dedup.lookup('shared_hosts.entries', f ~ '__registered') ~ ' is null then ' ~ f ~ '__registered'
            ])},
            {'name': dbt_dedup.extract_pattern(f ~ '__domain', '^[^.]+')},
        ],
        'survivorship': 'current',
        'lesser': shared ~ ' is not null\nand ' ~ dbt_dedup._of_pair(shared, '{1}', '{0}') ~ ' is null',
        'variant': dbt_dedup._mistyped() ~ "\nor split_part({0}, '/', 1) = split_part({1}, '/', 1)",
        'described': {
            'host': 'The host without `www.`.',
            'path': 'The path without slashes around it; null for the start page.',
            'suffix': 'The last two labels of the host where firms register names below them, such as `co.uk`.',
            'registered': 'The registrable domain: the label below the public suffix, and the suffix.',
            'domain': 'The registrable domain; null for an IP address and where anybody can have a page, such as facebook.com.',
            'name': 'The first label of the domain: `acme` of `acme.co.uk`.',
        },
    }) -}}
{% endmacro %}
