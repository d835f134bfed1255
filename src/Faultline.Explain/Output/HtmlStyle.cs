namespace Faultline.Explain.Output;

/// <summary>The style of the page: for screens of any width and paper, light and dark as the reader's system has it.</summary>
internal static class HtmlStyle
{
    /// <summary>The style sheet.</summary>
    public const string Text =
        """
        :root { color-scheme: light dark; --back: #fbfbfa; --card: #fff; --text: #1c1e21; --dim: #667; --line: #dcdfe4; --accent: #b3261e;
          --likely: #9a6700; --possible: #57606a; --mark: #fff1c9; --bad: #c62828; --odd: #9a4f00; --code: #0b57a4; --mem: #1f7a45;
          --stack: #6a3fb5; --user: #5f6b7a; --quiet: #8a8f98; --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        @media (prefers-color-scheme: dark) { :root { --back: #15171a; --card: #1d2024; --text: #e4e6ea; --dim: #9aa1ab; --line: #343941;
          --accent: #ff8a80; --likely: #e3b341; --possible: #9aa4af; --mark: #4a3d10; --bad: #ff8a80; --odd: #ffb86b; --code: #7cb7ff;
          --mem: #7ed9a0; --stack: #c3a6ff; --user: #a9b4c2; --quiet: #7d848e; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
        article + article { margin-top: 3.5rem; border-top: 3px solid var(--line); padding-top: 1rem; }
        h1 { font-size: 1.25rem; line-height: 1.35; margin: .5rem 0 .1rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.02rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
        h2 small { color: var(--dim); font-weight: normal; }
        section, details, nav { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1.1rem; margin: 1rem 0; }
        p { margin: .35rem 0; } ul, ol { margin: .3rem 0 .6rem; padding-left: 1.3rem; } li { margin: .15rem 0; }
        code, pre, table.code, .evidence code, .trace code { font-family: var(--mono); font-size: .86em; }
        pre { overflow-x: auto; margin: .4rem 0; line-height: 1.4; } .scroll { overflow-x: auto; }
        .where, .id, .system, .comment, .offset, .bytes, .number, .file { color: var(--dim); } .id { font-size: .8rem; text-align: right; margin: 0; }
        .finding { border-left: 5px solid var(--possible); } .finding.certain { border-left-color: var(--accent); }
        .finding.likely { border-left-color: var(--likely); }
        .confidence { font-size: .75rem; font-weight: normal; border: 1px solid currentColor; border-radius: 1rem; padding: .05rem .5rem; margin-left: .3rem;
          color: var(--possible); white-space: nowrap; }
        .certain .confidence { color: var(--accent); } .likely .confidence { color: var(--likely); }
        .evidence { font-size: .92rem; } .evidence code { color: var(--dim); overflow-wrap: anywhere; }
        .none { border: 1px dashed var(--line); border-radius: 8px; padding: .7rem 1.1rem; color: var(--dim); }
        .note { border-left: 3px solid var(--likely); padding-left: .7rem; color: var(--dim); font-size: .92rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 0; } dt { color: var(--dim); }
        dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; }
        table { border-collapse: collapse; } td, th { padding: .08rem .6rem .08rem 0; text-align: left; vertical-align: top; }
        table.code td { white-space: pre; } table.code .offset { text-align: right; } tr.marked { background: var(--mark); font-weight: 600; }
        tr.marked td:first-child { color: var(--accent); } .registers th { font-family: var(--mono); font-size: .86em; font-weight: normal; color: var(--dim); }
        .legend span { margin-right: .9rem; font-size: .85rem; white-space: nowrap; }
        .v-poison, .v-noncanonical { color: var(--bad); font-weight: 600; } .v-signextended, .v-errorpointer, .v-ascii { color: var(--odd); font-weight: 600; }
        .v-kerneltext, .v-module { color: var(--code); } .v-kerneldata, .v-directmap, .v-vmalloc, .v-kernelother { color: var(--mem); }
        .v-stack { color: var(--stack); } .v-user { color: var(--user); } .v-zero, .v-number { color: var(--quiet); }
        ol.trace { list-style: none; padding: 0; } .trace .unreliable code { color: var(--quiet); } .trace .section { color: var(--dim); font-size: .85rem; margin-top: .4rem; }
        .source { margin-left: 2rem; font-size: .86rem; } .check { color: var(--odd); font-size: .85rem; } .agrees { color: var(--mem); }
        summary { cursor: pointer; } .number { user-select: none; }
        @media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { grid-column: 1; margin-bottom: .4rem; } }
        @media print { section, details { break-inside: avoid; } }

        """;
}
