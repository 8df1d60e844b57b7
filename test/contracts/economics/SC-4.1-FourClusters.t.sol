// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {NodesTest} from "../support/NodesTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 4.1: "POCA consensus divides all nodes into four node clusters"
/// @custom:sentence POCA consensus divides all nodes into four node clusters, namely director
/// signature cluster, waiting signature node cluster, waiting computing node cluster and ordinary
/// node cluster.
/// @custom:sentence The waiting computing node cluster is used for data security backup and waiting
/// signature node backup.
/// @custom:sentence Ordinary node clusters are used for waiting for backup of computing nodes.
contract SC41FourClustersTest is NodesTest {
    function assertCluster(address account, INodeRegistry.Cluster wanted) internal view {
        assertEq(uint256(REGISTRY.clusterOf(account)), uint256(wanted), "cluster");
    }

    function testADirectorSigns() public view {
        assertCluster(_proposer(), INodeRegistry.Cluster.Director);
    }

    function testAStandbyWaitsToSign() public {
        // As the board tells of a standby.
        vm.mockCall(
            Predeploys.SIGNER_BOARD,
            abi.encodeCall(ISignerBoard.clusterOf, (node(0))),
            abi.encode(ISignerBoard.Cluster.Standby)
        );
        assertCluster(node(0), INodeRegistry.Cluster.WaitingSignature);
    }

    function testAProvedNodeWaitsToCompute() public {
        prove(node(0), 5_000);
        assertCluster(node(0), INodeRegistry.Cluster.WaitingCompute);
    }

    function testANodeWithoutProofIsOrdinary() public {
        vm.prank(node(0));
        REGISTRY.register(256, 300);
        assertCluster(node(0), INodeRegistry.Cluster.Ordinary);
        prove(node(0), 5_000);
        _endBlock(86_401);
        assertCluster(node(0), INodeRegistry.Cluster.Ordinary);
    }

    function testWhoIsNotInTheNetworkIsInNone() public view {
        assertCluster(address(0xBAD), INodeRegistry.Cluster.None);
    }
}
