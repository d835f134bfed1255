namespace Faultline.Explain.Reports;

/// <summary>An address as the kernel's <c>%pS</c> prints it: <c>name+0x1e/0x40 [module]</c>.</summary>
internal sealed record SymbolReference
{
    /// <summary>The symbol as printed, with its suffixes (<c>.llvm.2597333927409562488</c>, <c>.cold</c>).</summary>
    public required string Name { get; init; }

    /// <summary>Bytes from the symbol's start.</summary>
    public required ulong Offset { get; init; }

    /// <summary>The symbol's size in bytes as kallsyms knows it: the distance to the next symbol. 0 when none was printed.</summary>
    public required ulong Size { get; init; }

    /// <summary>The module; null for the kernel itself.</summary>
    public string? Module { get; init; }

    /// <summary>The build id that <c>CONFIG_STACKTRACE_BUILD_ID</c> adds, in hexadecimal.</summary>
    public string? BuildId { get; init; }

    /// <summary>As the kernel prints it.</summary>
    public override string ToString()
    {
        string text = $"{Name}+0x{Offset:x}";
        if (Size != 0)
            text += $"/0x{Size:x}";
        return Module is null ? text : $"{text} [{Module}]";
    }
}
