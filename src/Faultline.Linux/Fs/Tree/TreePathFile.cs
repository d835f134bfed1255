namespace Faultline.Linux.Fs.Tree;

/// <summary>A node that is no directory, opened with O_PATH.</summary>
internal sealed class TreePathFile(TreeNode node, int flags, string path) : TreeOpenFile(node, flags, path);
