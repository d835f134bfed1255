using Faultline.Linux.Fs.Host;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>Links in the root of the host are kept for a moment, and not beyond what guests do to them.</summary>
public sealed class RootLinksTests
{
    private readonly RootLinks _links = new();

    [Fact]
    public void ALinkIsKept()
    {
        _links.Note("bin", "usr/bin", PlainFolders.Changes);
        _links.Note("lib", "usr/lib", PlainFolders.Changes);
        Assert.Equal("usr/bin", _links.Find("bin"));
        Assert.Equal("usr/lib", _links.Find("lib"));
        Assert.Null(_links.Find("li"));
        Assert.Null(_links.Find("usr"));
        _links.Note("bin", "elsewhere", PlainFolders.Changes);
        Assert.Equal("elsewhere", _links.Find("bin"));
    }

    [Fact]
    public void ItIsForgottenAfterAMoment()
    {
        _links.Note("bin", "usr/bin", PlainFolders.Changes);
        Thread.Sleep(120);
        Assert.Null(_links.Find("bin"));
    }

    [Fact]
    public void WhatAGuestMovesOrRemovesEndsIt()
    {
        long before = PlainFolders.Changes;
        PlainFolders.Change();
        // Read before the change, noted after it.
        _links.Note("bin", "usr/bin", before);
        Assert.Null(_links.Find("bin"));
        _links.Note("bin", "usr/bin", PlainFolders.Changes);
        PlainFolders.Change();
        Assert.Null(_links.Find("bin"));
    }

    [Fact]
    public void OnlySomeAreKept()
    {
        for (int i = 0; i < 1000; i++)
            _links.Note($"link{i}", "target", PlainFolders.Changes);
        Assert.Null(_links.Find("link0"));
        Assert.Equal("target", _links.Find("link999"));
    }

    [Fact]
    public void WhatIsRemovedFromTheRootIsAChange()
    {
        using TestTree host = new();
        Assert.Equal(0, VirtualFileSystem.Create(new LinuxHost(), host.Folder, out VirtualFileSystem? vfs));
        FsContext context = vfs!.CreateContext(0);
        long before = PlainFolders.Changes;
        Assert.Equal(0, vfs.Remove(context, context.Root, "/to_dir", isDirectory: false));
        Assert.NotEqual(before, PlainFolders.Changes);
        context.Release();
        vfs.HostFiles.Close();
    }
}
