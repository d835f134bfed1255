namespace Faultline.Explain.Tests.Decode;

/// <summary>A fact that compares with a C header of the host; skipped by name where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HeaderFactAttribute : FactAttribute
{
    public HeaderFactAttribute(string header)
    {
        Header = header;
        if (!File.Exists(header))
            Skip = $"the host has no {header} (package linux-libc-dev)";
    }

    public string Header { get; }
}
