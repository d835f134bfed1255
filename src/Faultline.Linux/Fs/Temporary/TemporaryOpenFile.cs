using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Fs.Temporary;

/// <summary>An open regular file of a <see cref="TemporaryFileSystem"/>: contents from the host's memory, status from the node.</summary>
internal sealed class TemporaryOpenFile(TemporaryFile node, HostFile contents, int flags, string path) : TreeOpenFile(node, flags, path)
{
    /// <summary>The file.</summary>
    public TemporaryFile File => (TemporaryFile)Node;

    /// <inheritdoc/>
    public override string Path => Node.Links == 0 ? base.Path + " (deleted)" : base.Path;

    /// <inheritdoc/>
    public override bool CanPoll => false;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer) => contents.Read(buffer);

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer) => contents.Write(buffer);

    /// <inheritdoc/>
    public override long ReadAt(Span<byte> buffer, long offset) => contents.ReadAt(buffer, offset);

    /// <inheritdoc/>
    public override long WriteAt(ReadOnlySpan<byte> buffer, long offset) => contents.WriteAt(buffer, offset);

    /// <inheritdoc/>
    public override long Seek(long offset, int whence) => contents.Seek(offset, whence);

    /// <inheritdoc/>
    public override int Truncate(long length) => contents.Truncate(length);

    /// <inheritdoc/>
    public override int Allocate(int mode, long offset, long length) => contents.Allocate(mode, offset, length);

    /// <inheritdoc/>
    public override int Sync(bool dataOnly) => 0;

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument) => contents.Control(request, argument);

    /// <inheritdoc/>
    public override IPageSource? PageSource(bool shared, out int error) => contents.PageSource(shared, out error);

    /// <inheritdoc/>
    public override int SetFlags(int flags)
    {
        int result = contents.SetFlags(flags);
        return result < 0 ? result : base.SetFlags(flags);
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait) => PollEvents.AlwaysReady;

    /// <inheritdoc/>
    protected override void OnClose()
    {
        contents.Release();
        ((TemporaryFile)Node).OnClosed();
    }
}
