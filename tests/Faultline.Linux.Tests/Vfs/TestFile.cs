using Faultline.Linux.Vfs;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>A file that counts how often it is closed.</summary>
internal sealed class TestFile(int flags = 0) : OpenFile(flags)
{
    public int Closed { get; private set; }

    public override string Path => "test";

    public override int Stat(out FileStatus status)
    {
        status = default;
        return 0;
    }

    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = default;
        return 0;
    }

    protected override void OnClose() => Closed++;
}
